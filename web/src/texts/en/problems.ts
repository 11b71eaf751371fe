/** By the problem's code: what happened, and what to do. What has no words here is shown in the service's own. */
export const problems = {
  title: "That did not work",
  unexpected: "Something unexpected happened.",
  byCode: {
    unreachable: {
      title: "The backup service does not answer.",
      hint: "Check that the computer it runs on is switched on and connected. This page goes on by itself when the service is back.",
    },
    timeout: {
      title: "The backup service took too long to answer.",
      hint: "It may be busy. Try again in a moment.",
    },
    csrf: {
      title: "This page is out of date.",
      hint: "Load the page again and repeat what you did.",
    },
    not_administrator: {
      title: "Only a security administrator may do this.",
      hint: "Ask someone with the right SecurityAdmin in Open Dental.",
    },
    repository_locked: {
      title: "The backups are being worked on by another program.",
      hint: "Wait until it is done, then try again.",
    },
  } as Record<string, { title: string; hint: string } | undefined>,
  screen: {
    title: "This screen could not be shown",
    text: "Your backups are not affected.",
    reload: "Load the page again",
  },
};
