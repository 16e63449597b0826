import { useSearchParams } from "react-router";

export const meta = ({ location }) => [
  { title: `Search: ${new URLSearchParams(location.search).get("q")} | Tea shop` },
];

export default function Search() {
  const [query] = useSearchParams();
  return <h1>Search: {query.get("q")}</h1>;
}
