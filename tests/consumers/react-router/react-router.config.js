export default {
  ssr: false,
  // The others are rendered in the browser, from the fallback page.
  prerender: ["/", "/about", "/new"],
};
