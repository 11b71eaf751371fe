import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { newQueryClient } from "@/api/queries";
import { SignInScreen } from "@/signin/SignInScreen";
import { TextsProvider } from "@/texts";
import { AnnouncerProvider } from "@/ui/Announcer";
import { ErrorBoundary } from "./ErrorBoundary";
import { LiveProvider } from "./live";
import { RouterProvider } from "./RouterProvider";
import { ServiceGone } from "./ServiceGone";
import { SessionContext, useSessionQuery, useSignedOutReason } from "./session";
import { Shell } from "./Shell";

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

/** Signed in or not: two different pages. The set-up of a fresh service is to be the third. */
function Gate() {
  const query = useSessionQuery();
  const [reason, setReason] = useSignedOutReason(query.data);
  if (query.data === undefined) return query.isError ? <ServiceGone query={query} /> : null;
  if (query.data === null) return <SignInScreen reason={reason} onSignedIn={() => { setReason("never"); }} />;
  return (
    <SessionContext value={query.data}>
      <LiveProvider>
        <Shell onSignOut={() => { setReason("by_choice"); }} />
      </LiveProvider>
    </SessionContext>
  );
}
