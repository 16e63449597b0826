export const metadata = { title: "New | Tea shop" };

export default function Page() {
  return <h1>New</h1>;
}
