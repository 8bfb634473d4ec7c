// What a page does beyond what it is without scripts.

/** Forms that choose what is shown are sent as soon as a choice is made. */
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-send]")) {
  form.classList.add("sends");
  form.addEventListener("change", () => form.requestSubmit());
}

/** A chart becomes one whose values can be pointed at when somebody comes near. */
const charts = document.querySelectorAll<HTMLElement>("[data-live]");
const script = document.querySelector<HTMLLinkElement>('link[rel="modulepreload"][data-charts]');
for (const chart of script ? charts : []) {
  const wake = async () => {
    const { drawLive } = await import(script?.href ?? "");
    drawLive(chart);
  };
  chart.addEventListener("pointerenter", wake, { once: true });
}

export {};
