export const meta = () => [{ title: "About | Tea shop" }];

export default function About() {
  return <h1>About</h1>;
}
