import { ServicesPage } from "../pages/services-page.ts";
import { openForeignSite } from "./foreign-site.ts";
import { expect, test } from "./product-fixture.ts";

test.use({ newWeb: true });

const service = { kind: "address", protocol: "tcp", address: "203.0.113.66", port: 80 };
const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const change = JSON.stringify({ changes: [{ verb: "add-service", service, spec }] });
const rule = "-A -t 203.0.113.66:80 -s rr";
const json = "application/json";

test("what does not come from the console's own page changes nothing", async ({ product }) => {
  const before = await product.rules();
  const { host } = new URL(product.url);
  const { admin } = product.people;
  // Somebody who is logged in sends their cookie along, wherever the page comes from.
  const ask = (path: string, headers: Record<string, string>, body?: string) =>
    admin.ask(path, { headers: { ...admin.cookieHeader, ...headers }, ...(body && { method: "POST", body }) });
  const url = "/api/trpc/table.change";
  const own = { origin: product.url, "content-type": json };

  await test.step("a name that was rebound to this address", async () => {
    const rebound = { ...own, host: "evil.example", origin: "http://evil.example" };
    expect((await ask(url, rebound, change)).status).toBe(421);
    for (const path of ["/", "/services", "/api/trpc/director.status"]) {
      const answer = await ask(path, { host: `evil.example:${new URL(product.url).port}` });
      expect(answer.status).toBe(421);
      expect(answer.text).toContain("ALLOWED_HOSTS");
    }
  });
  await test.step("a form of another site", async () => {
    for (const headers of [
      { origin: "http://evil.example", "content-type": "multipart/form-data; boundary=x" },
      { origin: "http://evil.example", "content-type": json },
      { origin: "null", "content-type": json },
      { origin: product.url, "sec-fetch-site": "cross-site", "content-type": json },
      { origin: `http://127.0.0.1:1`, "sec-fetch-site": "same-site", "content-type": json },
      { "content-type": json },
    ])
      expect((await ask(url, headers, change)).status).toBe(403);
  });
  await test.step("anything but JSON", async () => {
    expect((await ask(url, { origin: product.url }, change)).status).toBe(415);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
      expect((await ask(url, { ...own, "content-type": type }, change)).status).toBe(415);
  });
  expect(await product.rules()).toEqual(before);

  await test.step("the same change, from a page of the console", async () => {
    expect((await ask(url, { ...own, host }, change)).status).toBe(200);
    expect(await product.rules()).toContain(rule);
  });
});

test("nobody else reads the stream", async ({ product }) => {
  const view = { list: null, follow: [], counters: false, totals: true };
  const input = encodeURIComponent(JSON.stringify({ viewId: "a-view-of-mine", view }));
  const url = `/api/trpc/live.stream?input=${input}`;
  const { admin } = product.people;
  const ask = (headers: Record<string, string>) => admin.ask(url, { headers: { ...admin.cookieHeader, ...headers } });
  const accept = "text/event-stream";
  for (const headers of [
    { accept },
    { accept, "sec-fetch-site": "cross-site" },
    { accept, "sec-fetch-site": "same-site", origin: "http://127.0.0.1:1" },
    { accept, origin: "http://evil.example" },
    { accept: "*/*", origin: "http://evil.example" },
  ]) {
    const answer = await ask(headers);
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain("slots");
  }
  const own = await ask({ accept, "sec-fetch-site": "same-origin" });
  expect(own.status).toBe(200);
  expect(own.headers["content-type"]).toContain("text/event-stream");
  expect(own.headers["access-control-allow-origin"]).toBeUndefined();
});

test("a real page of another site posts its forms and its scripts at the console: nothing changes", async ({
  page,
  product,
}) => {
  const before = await product.rules();
  const target = `${product.url}/api/trpc/table.change`;
  const field = change.replaceAll('"', "&quot;");
  const site = await openForeignSite(`<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>
    <form method="post" enctype="multipart/form-data" action="${target}"><input type="hidden" name="json" value="${field}"><button>As a form</button></form>
    <form method="post" enctype="text/plain" action="${target}"><input type="hidden" name="${field}" value=""><button>As text</button></form>`);
  for (const name of ["As a form", "As text"]) {
    await page.goto(site.url);
    const answered = page.waitForResponse(target);
    await page.getByRole("button", { name }).click();
    expect((await answered).status()).toBe(403);
    await expect(page.getByText("This request did not come from a page of this console.")).toBeVisible();
  }
  await page.goto(site.url);
  const outcomes = await page.evaluate(
    async ({ url, body, stream }) => {
      const post = (mode: RequestMode, type: string) =>
        fetch(url, { method: "POST", mode, headers: { "content-type": type }, body }).then(
          (response) => `answered ${response.type} ${response.status}`,
          () => "kept from it",
        );
      const streamed = new Promise<string>((resolve) => {
        const source = new EventSource(stream);
        source.onmessage = () => resolve("reads the stream");
        source.onerror = () => resolve("kept from it");
      });
      return [await post("no-cors", "text/plain"), await post("cors", "application/json"), await streamed];
    },
    { url: target, body: change, stream: `${product.url}/api/trpc/live.stream` },
  );
  // Not even that there was an answer: Cross-Origin-Resource-Policy keeps it from the page.
  expect(outcomes).toEqual(["kept from it", "kept from it", "kept from it"]);
  expect(await product.rules()).toEqual(before);
  await site.close();

  // What that page tried is a change that the console's own page can make.
  const services = await ServicesPage.open(page);
  const form = await services.addService();
  await form.fill({ address: "203.0.113.66", port: "80", scheduler: "rr" });
  await form.submit();
  expect(await product.rules()).toContain(rule);
});

test("another site neither logs anybody in or out, nor frames the console, and takes no session along", async ({
  page,
  product,
  visitor,
}) => {
  const services = await ServicesPage.open(page);
  const credentials = JSON.stringify({ name: visitor.name, password: visitor.password });
  const forms = ["session.logIn", "session.logOut", "account.endOtherSessions", "people.add"].map(
    (name) => `<form method="post" enctype="text/plain" action="${product.url}/api/trpc/${name}">
      <input type="hidden" name="${credentials.replaceAll('"', "&quot;")}" value=""><button>${name}</button></form>`,
  );
  const site = await openForeignSite(`<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>${forms.join("")}
    <iframe title="framed" src="${product.url}/services"></iframe><img alt="" src="${product.url}/services">
    <script src="${product.url}/theme.js"></script>`);
  await page.goto(site.url);
  const carried: (string | undefined)[] = [];
  const answered = new Set<string>();
  page.on("response", async (response) => {
    if (!response.url().startsWith(`${product.url}/`)) return;
    if (response.ok()) answered.add(new URL(response.url()).pathname);
    carried.push((await response.request().allHeaders())["cookie"]);
  });
  await test.step("by a form that somebody is made to send", async () => {
    for (const name of ["session.logIn", "session.logOut", "account.endOtherSessions", "people.add"]) {
      await page.goto(site.url);
      const answering = page.waitForResponse(`${product.url}/api/trpc/${name}`);
      await page.getByRole("button", { name }).click();
      const answer = await answering;
      expect(answer.status()).toBe(403);
      expect(await answer.headerValue("set-cookie")).toBeNull();
    }
  });
  await test.step("by a script, with whatever mode and type it may use", async () => {
    await page.goto(site.url);
    const outcomes = await page.evaluate(
      async ({ url, body }) => {
        const send = (path: string, init: RequestInit) =>
          fetch(`${url}${path}`, { credentials: "include", ...init }).then(
            ({ type, status }) => `answered ${type} ${status}`,
            () => "kept from it",
          );
        const post = (path: string, mode: RequestMode, type: string, text: string) =>
          send(path, { method: "POST", mode, headers: { "content-type": type }, body: text });
        return [
          await post("/api/trpc/session.logIn", "no-cors", "text/plain", body),
          await post("/api/trpc/session.logIn", "cors", "application/json", body),
          await post("/api/trpc/session.logOut", "no-cors", "text/plain", "null"),
          await post("/api/trpc/session.logOut", "cors", "application/json", "null"),
          await send("/api/trpc/session.state", {}),
          await send("/audit.csv", { mode: "no-cors" }),
          navigator.sendBeacon(`${url}/api/trpc/session.logOut`, "null") ? "sent" : "kept from it",
        ];
      },
      { url: product.url, body: credentials },
    );
    expect(outcomes).toEqual([...Array(6).fill("kept from it"), "sent"]);
  });
  await test.step("in a frame, where a click would be theirs to steer", async () => {
    await page.goto(site.url);
    const frame = page.frameLocator('iframe[title="framed"]');
    await expect(frame.getByRole("main")).toHaveCount(0);
    await expect(frame.getByRole("button", { name: "Add service" })).toHaveCount(0);
  });
  // The browser itself keeps the cookie back (SameSite=Strict); what is refused above is refused without it too.
  expect(carried.length).toBeGreaterThan(10);
  expect(carried.filter((cookie) => cookie !== undefined)).toEqual([]);
  // All that the other site could show anybody is the log-in page, and that not in its frame.
  expect([...answered].sort()).toEqual(["/login"]);
  await site.close();

  await ServicesPage.open(page);
  await expect(services.shell.userButton).toContainText(visitor.name);
});
