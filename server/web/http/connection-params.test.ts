import { describe, expect, test } from "vitest";
import { connectionParams } from "./connection-params.ts";

const read = (query: string) => connectionParams(new URLSearchParams(query));

describe("the query in an address", () => {
  test("is all that a page may ask", () => {
    const query =
      "kind=connections&protocol=tcp,udp&state=TIME_WAIT&state=CLOSE&client=10.0.0.0/8&virtual=192.0.2.10:80&server=:8080" +
      "&any=2001:db8::1&origin=sync&group=client&sort=expires&descending=1&offset=100&limit=50&groupOffset=10&groupLimit=5" +
      "&read=an-id&freshMs=0&budgetMs=500&goOn=1";
    expect(read(query)).toEqual({
      format: "page",
      query: {
        filter: {
          ...{ kind: "connections", protocol: ["tcp", "udp"], state: ["TIME_WAIT", "CLOSE"], client: "10.0.0.0/8" },
          ...{ virtual: "192.0.2.10:80", server: ":8080", any: "2001:db8::1", origin: "sync" },
        },
        ...{ group: "client", sort: "expires", descending: true, offset: 100, limit: 50 },
        ...{ groupOffset: 10, groupLimit: 5, read: "an-id", freshMs: 0, budgetMs: 500, goOn: true },
      },
    });
  });

  test("takes everything when it says nothing, and empty parameters as if left out", () => {
    const plain = read("");
    expect(plain).toMatchObject({
      format: "page",
      query: { filter: { kind: "connections", protocol: [] }, limit: 100 },
    });
    expect(read("client=&state=&descending=&format=")).toEqual(plain);
  });

  test("asks for a file of all rows", () => {
    expect(read("format=csv&state=CLOSE&sort=client")).toMatchObject({ format: "csv", query: { sort: "client" } });
    expect(read("format=json&read=an-id")).toMatchObject({ format: "json", query: { read: "an-id" } });
  });

  test.each([
    ["a parameter that is not there", "vip=192.0.2.10", /^There is no vip: the address takes kind, client, /],
    ["a name of an object's own", "__proto__=1", /^There is no __proto__/],
    ["one given twice", "client=10.0.0.1&client=10.0.0.2", /^client is given twice\.$/],
    ["a file in another form", "format=xml", /^format is csv or json/],
    ["a page of a file", "format=csv&offset=10", /^offset is for pages/],
    ["no address", "client=nowhere", /: client\.$/],
    ["no protocol", "protocol=tcp,icmp", /: protocol\.$/],
    ["no grouping", "group=weight", /: group\.$/],
    ["no number", "limit=ten", /: limit\.$/],
    ["too large a page", "limit=501", /: limit\.$/],
    ["a number below 0", "offset=-1", /: offset\.$/],
    ["neither yes nor no", "descending=down", /: descending\.$/],
    ["two wrong ones", "server=x&sort=y", /: server, sort\.$/],
  ])("%s is a sentence", (_, query, sentence) => {
    expect(read(query)).toMatch(sentence);
  });
});
