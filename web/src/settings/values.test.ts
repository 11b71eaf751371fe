import { describe, expect, it } from "vitest";
import { cleanTimes, databaseFields, databaseUrl, isTime, listOf } from "./values";

describe("times", () => {
  it("are those of a clock, sorted, each once", () => {
    expect(isTime("09:05")).toBe(true);
    expect(isTime("9:05")).toBe(false);
    expect(isTime("24:00")).toBe(false);
    expect(cleanTimes(["19:00", "12:30", "19:00", "", "25:00"])).toEqual(["12:30", "19:00"]);
  });
});

describe("lists", () => {
  it("are one a line or separated", () => {
    expect(listOf("a@x.com, b@x.com;\n c@x.com\n\n")).toEqual(["a@x.com", "b@x.com", "c@x.com"]);
    expect(listOf("")).toEqual([]);
  });
});

describe("the address of a database", () => {
  const fields = { host: "server", port: "3306", database: "opendental", user: "od", socket: "" };

  it("is made of what was typed, and read back", () => {
    expect(databaseUrl(fields)).toBe("mariadb://od@server:3306/opendental");
    expect(databaseFields("mariadb://od@server:3306/opendental")).toEqual(fields);
    const local = { host: "localhost", port: "", database: "opendental", user: "root", socket: "/run/mysqld/mysqld.sock" };
    expect(databaseUrl(local)).toBe("mariadb://root@localhost/opendental?socket=/run/mysqld/mysqld.sock");
    expect(databaseFields(databaseUrl(local))).toEqual(local);
    const six = { ...fields, host: "fe80::1", port: "" };
    expect(databaseFields(databaseUrl(six))).toEqual(six);
  });

  it("keeps characters of the address out of the names", () => {
    const odd = { ...fields, user: "o@d/:x", database: "a?b#c" };
    expect(databaseUrl(odd)).toBe("mariadb://o%40d%2F%3Ax@server:3306/a%3Fb%23c");
    expect(databaseFields(databaseUrl(odd))).toEqual(odd);
  });

  it("that says more than the form can show is not taken apart", () => {
    expect(databaseFields("mariadb://od@server/opendental?tls=required")).toBeNull();
    expect(databaseFields("whatever")).toBeNull();
    expect(databaseFields("mariadb://%zz@server/opendental")).toBeNull();
  });
});
