import { describe, expect, it } from "vitest";
import { copyName, crumbsOf, folderName, folderOf, isDatabaseName, joined, plainPath, shownPath } from "./paths";

describe("paths in a backup", () => {
  it("are joined and taken apart", () => {
    expect(joined("/", "images")).toBe("/images");
    expect(joined("/images/A", "Ad%C3%A1ms")).toBe("/images/A/Ad%C3%A1ms");
    expect(folderOf("/images/A/x.jpg")).toBe("/images/A");
    expect(folderOf("/images")).toBe("/");
    expect(crumbsOf("/images/%C3%81")).toEqual([{ name: "images", path: "/images" }, { name: "Á", path: "/images/%C3%81" }]);
    expect(crumbsOf("/")).toEqual([]);
  });

  it("are shown decoded, but for bytes that are no text", () => {
    expect(shownPath("/images/a%20b/%FF.jpg")).toBe("/images/a b/%FF.jpg");
    expect(plainPath("/images/a%20b")).toBe("/images/a b");
    expect(plainPath("/images/%FF.jpg")).toBeNull();
  });
});

describe("names of what is restored", () => {
  it("say the moment on the practice's clock", () => {
    expect(copyName("opendental", "2026-11-29T18:31:07Z", "America/Chicago")).toBe("opendental_2026_11_29_1231");
    expect(folderName("Ádams, Tom", "2026-11-29T18:31:07Z", "America/Chicago")).toBe("Adams_Tom_2026_11_29_123107");
    expect(folderName("!!", "2026-11-29T18:31:07Z", "UTC")).toBe("restored_2026_11_29_183107");
  });

  it("fit into what a database may be called", () => {
    const long = copyName("d".repeat(64), "2026-11-29T18:31:07Z", "UTC");
    expect(isDatabaseName(long)).toBe(true);
    expect(isDatabaseName("")).toBe(false);
    expect(isDatabaseName("a-b")).toBe(false);
    expect(isDatabaseName("a`b")).toBe(false);
  });
});
