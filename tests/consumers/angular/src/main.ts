import { provideZoneChangeDetection } from "@angular/core";
import { bootstrapApplication, provideProtractorTestingSupport } from "@angular/platform-browser";
import { provideRouter } from "@angular/router";
import { App } from "./app/app";
import { routes } from "./app/routes";

bootstrapApplication(App, {
  providers: [
    provideZoneChangeDetection(),
    provideRouter(routes),
    // Lets the walk ask whether the application is stable.
    provideProtractorTestingSupport(),
  ],
});
