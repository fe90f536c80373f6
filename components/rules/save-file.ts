/** Hands a text to the browser as a file to keep. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers begin to read it only after the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** `ipvs-lb1-20261121-1504.rules`, by the viewer's clock. */
export function ruleFileName(host: string, atMs: number, what = ""): string {
  const at = new Date(atMs);
  const [month, day, hour, minute] = [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes()].map((part) =>
    String(part).padStart(2, "0"),
  );
  const safeHost = host.replace(/[^A-Za-z0-9.-]+/g, "-");
  return ["ipvs", safeHost, `${at.getFullYear()}${month}${day}-${hour}${minute}`, what]
    .filter((part) => part !== "")
    .join("-")
    .concat(".rules");
}
