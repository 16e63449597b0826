import { redirect } from "react-router";

export function clientLoader() {
  return redirect("/new");
}

export default function Old() {
  return null;
}
