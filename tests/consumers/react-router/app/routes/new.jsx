export const meta = () => [{ title: "New | Tea shop" }];

export default function New() {
  return <h1>New</h1>;
}
