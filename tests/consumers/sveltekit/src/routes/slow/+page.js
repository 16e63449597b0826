export async function load({ fetch }) {
  const answer = await fetch("/slow.json");
  return answer.json();
}
