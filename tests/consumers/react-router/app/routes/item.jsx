import { useParams } from "react-router";

export const meta = ({ params }) => [{ title: `Item ${params.id} | Tea shop` }];

export default function Item() {
  return <h1>Item {useParams().id}</h1>;
}
