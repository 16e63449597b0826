import { Component } from "@angular/core";
import { RouterLink, RouterOutlet } from "@angular/router";

@Component({
  selector: "app-root",
  imports: [RouterLink, RouterOutlet],
  template: `
    <nav>
      <a id="home" routerLink="/">Home</a>
      <a id="about" routerLink="/about">About</a>
      <a id="search" routerLink="/search" [queryParams]="{ q: 'tea' }">Search for tea</a>
      <a id="item" routerLink="/items/7">Item 7</a>
      <a id="next-item" routerLink="/items/8">Item 8</a>
      <a id="slow" routerLink="/slow">Slow</a>
      <a id="old" routerLink="/old">Old</a>
      <a id="part" routerLink="/new" fragment="part">A part</a>
    </nav>
    <router-outlet />
  `,
})
export class App {}
