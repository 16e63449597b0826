export const metadata = { title: "About | Tea shop" };

export default function Page() {
  return <h1>About</h1>;
}
