import { ServicePage } from "../pages/service-page.ts";
import { ServicesPage } from "../pages/services-page.ts";
import { expect, test } from "./product-fixture.ts";
import { withSecondPerson } from "./second-person.ts";

test("the page of a service that does not exist says so and links back", async ({ page }) => {
  for (const id of ["tcp:203.0.113.1:81", "fwmark6:99", "not a service"]) {
    const service = await ServicePage.open(page, id);
    await expect(service.heading).toHaveText(id);
    await expect(service.notice).toHaveText("There is no such virtual service in the table.");
    await expect(service.button("Add real server")).toBeHidden();
  }
  const service = new ServicePage(page);
  await service.backLink.click();
  await expect(page).toHaveURL(/\/services$/);
  await expect(new ServicesPage(page).counts).toContainText("13 of 13 services");
});

test("a service that is removed while its page is open stays to be read, and says so", async ({
  page,
  browser,
  product,
}) => {
  const service = await ServicePage.open(page, "tcp:192.0.2.40:9200");
  await expect(service.rules).toContainText("-A -t 192.0.2.40:9200 -s wlc");
  await withSecondPerson(browser, product, "", async (others) => {
    const dialog = await others.service("TCP", "192.0.2.40:9200").remove();
    await (await dialog.typeIfAsked("TCP 192.0.2.40:9200")).confirm();
  });
  await expect(service.notice).toHaveText(
    "This virtual service is not in the table any more. What you see is how it was last.",
  );
  await expect(service.rules).toContainText("-A -t 192.0.2.40:9200 -s wlc");
  await expect(service.button("Add real server")).toBeDisabled();
});
