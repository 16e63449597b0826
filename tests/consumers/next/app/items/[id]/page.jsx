export const generateStaticParams = () => [{ id: "7" }, { id: "8" }];

export async function generateMetadata({ params }) {
  return { title: `Item ${(await params).id} | Tea shop` };
}

export default async function Page({ params }) {
  return <h1>Item {(await params).id}</h1>;
}
