export const drills = {
  title: "Practice runs",
};
