// The application's own settings, in a layer: `nuxt.config.ts` is what the install page says.
export default defineNuxtConfig({
  compatibilityDate: "2026-11-01",
  telemetry: false,
  nitro: {
    prerender: {
      crawlLinks: false,
      routes: ["/", "/about", "/search", "/items/7", "/items/8", "/slow", "/new"],
    },
  },
  app: {
    head: {
      htmlAttrs: { lang: "en" },
      link: [{ rel: "icon", href: "data:," }],
    },
  },
});
