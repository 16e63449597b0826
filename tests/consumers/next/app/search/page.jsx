import { Suspense } from "react";
import { Found } from "./found";

export default function Page() {
  return (
    <Suspense>
      <Found />
    </Suspense>
  );
}
