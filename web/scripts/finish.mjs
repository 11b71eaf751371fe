// What a build still needs: every text file also compressed beside itself (the service sends it so to browsers
// that take it), and the first load within its budget. usage: finish.mjs [DIR]
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const FIRST_LOAD_BYTES_MAX = 200 * 1024; // compressed JavaScript
const SMALLEST = 512; // below it compression is not worth a file
const folder = process.argv[2] ?? "dist";

function filesBelow(path) {
  return readdirSync(path).flatMap((name) => {
    const entry = join(path, name);
    return statSync(entry).isDirectory() ? filesBelow(entry) : [entry];
  });
}

const compressed = new Map();
for (const file of filesBelow(folder)) {
  if (!/\.(js|css|html|svg|json)$/.test(file)) continue;
  const content = readFileSync(file);
  const small = gzipSync(content, { level: 9 });
  compressed.set(file, small.length);
  if (content.length >= SMALLEST && small.length < content.length) writeFileSync(`${file}.gz`, small);
}

// What the page names itself: the entry and what it imports at once.
const html = readFileSync(join(folder, "index.html"), "utf8");
if (/<style|<script(?![^>]*\ssrc=)|\son\w+=|https?:\/\//.test(html))
  throw new Error("index.html holds something inline, or an address outside: the service forbids both");
const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => join(folder, match[1]));
const bytes = first.reduce((sum, file) => sum + (compressed.get(file) ?? 0), 0);
const kilobytes = (n) => `${(n / 1024).toFixed(1)} KB`;
console.log(`first load: ${kilobytes(bytes)} of compressed JavaScript (at most ${kilobytes(FIRST_LOAD_BYTES_MAX)})`);
if (first.length === 0 || bytes > FIRST_LOAD_BYTES_MAX) {
  console.error("the first load is too large: load what is rarely needed with lazy()");
  process.exit(1);
}
