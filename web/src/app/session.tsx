// Who is signed in.
import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { createContext, use, useEffect, useState } from "react";
import { api, ask, setCsrfToken, setSignedOutHandler, type Session } from "@/api/client";
import { Problem } from "@/api/problem";
import { keys } from "@/api/queries";

/** Why the sign-in screen is shown: nobody was signed in, a session ended by itself, or somebody signed out. */
export type SignedOut = "never" | "expired" | "by_choice";

export const SessionContext = createContext<Session | null>(null);

/** Of whoever is signed in. Only below the signed-in part of the app. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error("useSession() outside of a session");
  return session;
}

/** null: nobody is signed in. An error that is not about signing in (service gone) stays an error. */
export function useSessionQuery(): UseQueryResult<Session | null> {
  const client = useQueryClient();
  useEffect(() => {
    setSignedOutHandler(() => {
      client.setQueryData(keys.session, null);
    });
    return () => {
      setSignedOutHandler(() => undefined);
    };
  }, [client]);
  return useQuery({
    queryKey: keys.session,
    queryFn: async () => {
      try {
        const session = await ask(api.GET("/api/v1/session"));
        setCsrfToken(session.csrf_token);
        return session;
      } catch (failure) {
        if (failure instanceof Problem && failure.status === 401) return null;
        throw failure;
      }
    },
    staleTime: Infinity,
  });
}

/** Remembers whether somebody was signed in before in this tab, and forgets all data of whoever was. */
export function useSignedOutReason(session: Session | null | undefined): [SignedOut, (reason: SignedOut) => void] {
  const client = useQueryClient();
  const [reason, setReason] = useState<SignedOut>("never");
  const [wasSignedIn, setWasSignedIn] = useState(false);
  if (session && !wasSignedIn) setWasSignedIn(true);
  if (session === null && wasSignedIn) {
    setWasSignedIn(false);
    if (reason !== "by_choice") setReason("expired");
  }
  useEffect(() => {
    if (session !== null) return;
    setCsrfToken(null);
    // Whether set-up is needed is nobody's secret, and asked for while nobody is signed in.
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] && query.queryKey[0] !== "setup" });
  }, [session, client]);
  return [reason, setReason];
}
