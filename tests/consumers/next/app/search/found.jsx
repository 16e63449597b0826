"use client";

import { useSearchParams } from "next/navigation";

export function Found() {
  const heading = `Search: ${useSearchParams().get("q")}`;
  return (
    <>
      <title>{`${heading} | Tea shop`}</title>
      <h1>{heading}</h1>
    </>
  );
}
