import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { newQueryClient } from "@/api/queries";
import { setupQuery } from "@/setup/api";
import { SignInScreen } from "@/signin/SignInScreen";
import { TextsProvider } from "@/texts";
import { AnnouncerProvider } from "@/ui/Announcer";
import { Loading } from "@/ui/QueryState";
import { ErrorBoundary } from "./ErrorBoundary";
import { LiveProvider } from "./live";
import { RouterProvider } from "./RouterProvider";
import { ServiceGone } from "./ServiceGone";
import { SessionContext, useSessionQuery, useSignedOutReason } from "./session";
import { Shell } from "./Shell";

const SetupWizard = lazy(async () => ({ default: (await import("@/setup/SetupWizard")).SetupWizard }));

export function App() {
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <TextsProvider>
        <ErrorBoundary>
          <RouterProvider>
            <AnnouncerProvider>
              <Gate />
            </AnnouncerProvider>
          </RouterProvider>
        </ErrorBoundary>
      </TextsProvider>
    </QueryClientProvider>
  );
}

/** Set-up of a fresh service, signed in or not: three different pages. */
function Gate() {
  const query = useSessionQuery();
  const [reason, setReason] = useSignedOutReason(query.data);
  const setup = useQuery({ ...setupQuery, enabled: query.data === null || query.data?.may_administer === true });
  if (query.data === undefined) return query.isError ? <ServiceGone query={query} /> : null;
  if (setup.data?.needed === true)
    return (
      <Suspense fallback={<Loading />}>
        <SetupWizard session={query.data} state={setup.data} />
      </Suspense>
    );
  if (query.data === null && setup.isPending) return null;
  if (query.data === null) return <SignInScreen reason={reason} onSignedIn={() => { setReason("never"); }} />;
  return (
    <SessionContext value={query.data}>
      <LiveProvider>
        <Shell onSignOut={() => { setReason("by_choice"); }} />
      </LiveProvider>
    </SessionContext>
  );
}
