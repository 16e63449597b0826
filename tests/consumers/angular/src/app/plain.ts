import { Component, inject } from "@angular/core";
import { toSignal } from "@angular/core/rxjs-interop";
import { ActivatedRoute } from "@angular/router";

@Component({ template: "<h1>{{ data()['heading'] }}</h1>" })
export class Plain {
  readonly data = toSignal(inject(ActivatedRoute).data, { requireSync: true });
}
