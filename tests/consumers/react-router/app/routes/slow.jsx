export const meta = () => [{ title: "Slow | Tea shop" }];

export async function clientLoader() {
  const answer = await fetch("/slow.json");
  return answer.json();
}

export default function Slow({ loaderData }) {
  return <h1>{loaderData.heading}</h1>;
}
