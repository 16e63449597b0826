export const metadata = { title: "Home | Tea shop" };

export default function Page() {
  return <h1>Home</h1>;
}
