export const meta = () => [{ title: "Home | Tea shop" }];

export default function Home() {
  return <h1>Home</h1>;
}
