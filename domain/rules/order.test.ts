import { expect, it, test } from "vitest";
import type { ServiceKey } from "../service.ts";
import { inSavedOrder, serversInSavedOrder } from "./order.ts";

const at = (address: string, port = 80, protocol = "tcp"): { key: ServiceKey } => ({
  key: { kind: "address", protocol, address, port },
});
const mark = (number: number, family: 4 | 6 = 4): { key: ServiceKey } => ({
  key: { kind: "fwmark", family, mark: number },
});
const server = (address: string, port = 80) => ({ spec: { address, port } });

test("services come by mark, family, protocol, address and port, with marks that are negative as an int before all", () => {
  const sorted = [
    mark(4_294_967_290),
    mark(4_294_967_295),
    at("10.0.0.8"),
    at("10.0.0.9", 80),
    at("10.0.0.9", 443),
    at("10.0.0.9", 8080),
    at("10.0.0.8", 53, "udp"),
    at("10.0.0.8", 53, "ip-50"),
    at("10.0.0.8", 53, "sctp"),
    at("::1"),
    at("2001:db8::1"),
    at("2001:db8::2"),
    mark(1),
    mark(1, 6),
    mark(2),
  ];
  expect(inSavedOrder([...sorted].reverse())).toEqual(sorted);
  expect(inSavedOrder(sorted)).toEqual(sorted);
});

test("an address more than 2^31 behind another comes before it, as ipvsadm subtracts", () => {
  expect(inSavedOrder([at("10.0.0.8"), at("200.0.0.9")])).toEqual([at("200.0.0.9"), at("10.0.0.8")]);
  expect(serversInSavedOrder([server("10.0.0.8"), server("200.0.0.9")])).toEqual([
    server("200.0.0.9"),
    server("10.0.0.8"),
  ]);
});

test("where its comparison goes in a circle, the order depends on the one that came in, as with glibc's merge sort", () => {
  const [ten, hundred, twoHundred] = [server("10.0.0.1"), server("100.0.0.1"), server("200.0.0.1")];
  expect(serversInSavedOrder([twoHundred, hundred, ten])).toEqual([twoHundred, ten, hundred]);
  expect(serversInSavedOrder([ten, twoHundred, hundred])).toEqual([ten, hundred, twoHundred]);
  expect(serversInSavedOrder([hundred, ten, twoHundred])).toEqual([hundred, twoHundred, ten]);
});

it("looks at the family of the first of two servers only", () => {
  const four = server("32.1.13.184");
  const six = server("2001:db8::1");
  expect(serversInSavedOrder([four, six])).toEqual([four, six]);
  expect(serversInSavedOrder([six, four])).toEqual([four, six]);
});
