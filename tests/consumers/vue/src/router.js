import { createRouter, createWebHistory } from "vue-router";
import Plain from "./Plain.vue";
import Slow from "./Slow.vue";

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", component: Plain, meta: { heading: () => "Home" } },
    {
      path: "/about",
      component: () => import("./About.vue"),
      meta: { heading: () => "About" },
    },
    { path: "/search", component: Plain, meta: { heading: (to) => `Search: ${to.query.q}` } },
    { path: "/items/:id", component: Plain, meta: { heading: (to) => `Item ${to.params.id}` } },
    { path: "/slow", component: Slow, meta: { heading: () => "Slow" } },
    { path: "/old", redirect: "/new" },
    { path: "/new", component: Plain, meta: { heading: () => "New" } },
  ],
});

// As many guides have it: the title is there before the address is.
router.beforeEach((to) => {
  document.title = `${to.meta.heading(to)} | Tea shop`;
});
