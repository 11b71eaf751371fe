// The one place where the page talks to the service: session, CSRF token, time limits and problems are dealt with here.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./generated/schema";
import { problemOf, problemOfFailure } from "./problem";

export type Schemas = components["schemas"];
export type Run = Schemas["Run"];
export type RunKind = Schemas["RunKind"];
export type Overview = Schemas["Overview"];
export type Session = Schemas["Session"];
export type Snapshot = Schemas["Snapshot"];
export type Settings = Schemas["Settings"];
export type Retention = Settings["retention"];
export type Schedule = Settings["schedule"];

/** After so long without an answer the page says so instead of waiting on. */
const PATIENCE_MS = 60_000;

let csrfToken: string | null = null;
let onSignedOut: () => void = () => undefined;

/** The session's token, sent with everything that changes something; null when nobody is signed in. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called whenever the service says that nobody is signed in (any more). */
export function setSignedOutHandler(handler: () => void): void {
  onSignedOut = handler;
}

const session: Middleware = {
  onRequest({ request }) {
    if (csrfToken !== null && request.method !== "GET" && request.method !== "HEAD")
      request.headers.set("X-CSRF-Token", csrfToken);
    return request;
  },
  onResponse({ request, response }) {
    const signingIn = request.method === "POST" && new URL(request.url).pathname.endsWith("/session");
    if (response.status === 401 && !signingIn) onSignedOut();
    return undefined;
  },
};

async function patientFetch(request: Request): Promise<Response> {
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const signal = typeof AbortSignal.any === "function" ? AbortSignal.any([request.signal, limit]) : limit;
  return fetch(request, { signal, credentials: "same-origin" });
}

/** Typed by the API's description. Wrap calls in ask(), which answers with the data or throws a Problem. */
export const api = createClient<paths>({ baseUrl: globalThis.location.origin, fetch: patientFetch });
api.use(session);

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws Problem for every other outcome. */
export async function ask<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await call;
  } catch (failure) {
    throw problemOfFailure(failure);
  }
  if (!answer.response.ok) throw problemOf(answer.response, answer.error);
  return answer.data as Data;
}

/**
 * For routes that the description does not have yet. Types are the caller's promise; prefer `api` as soon as the
 * route is described. body: sent as JSON.
 */
export async function askPath<Data>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<Data> {
  const headers = new Headers({ Accept: "application/json" });
  if (method !== "GET" && csrfToken !== null) headers.set("X-CSRF-Token", csrfToken);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  let response: Response;
  try {
    response = await patientFetch(
      new Request(new URL(path, globalThis.location.origin), {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    if (response.status === 204) return undefined as Data;
    const type = response.headers.get("Content-Type") ?? "";
    const content: unknown = type.includes("json") ? await response.json() : null;
    if (response.ok && content !== null) return content as Data;
    if (response.status === 401) onSignedOut();
    throw problemOf(response, content);
  } catch (failure) {
    throw problemOfFailure(failure);
  }
}
