// What went wrong, in one shape for everything the page asks for.

/** A refusal or failure as the service says it (RFC 9457), or one that the page found itself. */
export class Problem extends Error {
  readonly status: number;
  /** Stable; the catalogue has words for the frequent ones. "unreachable" and "timeout" are the page's own. */
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
  /** Seconds after which it is worth another try, where the service says so. */
  readonly retryAfter: number | null;

  constructor(fields: { status: number; code: string; detail?: string; hint?: string; retryAfter?: number | null }) {
    super(fields.detail ?? fields.code);
    this.name = "Problem";
    this.status = fields.status;
    this.code = fields.code;
    this.detail = fields.detail ?? "";
    this.hint = fields.hint ?? "";
    this.retryAfter = fields.retryAfter ?? null;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The problem that an answer describes; whatever else a proxy or a broken service may have sent becomes one, too. */
export function problemOf(response: Response, body: unknown): Problem {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const wait = Number(response.headers.get("Retry-After"));
  return new Problem({
    status: response.status,
    code: text(fields["code"]) || `status_${String(response.status)}`,
    detail: text(fields["detail"]) || text(fields["title"]),
    hint: text(fields["hint"]),
    retryAfter: Number.isFinite(wait) && wait > 0 ? wait : null,
  });
}

/** What fetch() throws, as a problem. */
export function problemOfFailure(failure: unknown): Problem {
  if (failure instanceof Problem) return failure;
  const name = failure instanceof DOMException ? failure.name : "";
  return new Problem({ status: 0, code: name === "TimeoutError" ? "timeout" : "unreachable" });
}
