import type { ActivatedRouteSnapshot, Routes } from "@angular/router";
import { Plain } from "./plain";

const page = (path: string, heading: string) => ({
  path,
  component: Plain,
  title: `${heading} | Tea shop`,
  resolve: { heading: () => heading },
});

export const routes: Routes = [
  { ...page("", "Home"), pathMatch: "full" },
  { path: "about", title: "About | Tea shop", loadComponent: () => import("./about") },
  {
    path: "search",
    component: Plain,
    title: (route) => `Search: ${route.queryParams["q"]} | Tea shop`,
    resolve: { heading: (route: ActivatedRouteSnapshot) => `Search: ${route.queryParams["q"]}` },
  },
  {
    path: "items/:id",
    component: Plain,
    title: (route) => `Item ${route.params["id"]} | Tea shop`,
    resolve: { heading: (route: ActivatedRouteSnapshot) => `Item ${route.params["id"]}` },
  },
  {
    path: "slow",
    component: Plain,
    title: "Slow | Tea shop",
    resolve: { heading: async () => (await (await fetch("/slow.json")).json()).heading },
  },
  { path: "old", redirectTo: "new" },
  page("new", "New"),
];
