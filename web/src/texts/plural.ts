/** "1 table", "2 tables". n is formatted by whoever calls. */
export function plural(n: number, one: string, other: string): string {
  return n === 1 ? one : other;
}
