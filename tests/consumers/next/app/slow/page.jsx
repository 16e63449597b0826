export const metadata = { title: "Slow | Tea shop" };

export default function Page() {
  return <h1>Slow</h1>;
}
