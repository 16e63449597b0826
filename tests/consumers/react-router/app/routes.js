import { index, route } from "@react-router/dev/routes";

export default [
  index("routes/home.jsx"),
  route("about", "routes/about.jsx"),
  route("search", "routes/search.jsx"),
  route("items/:id", "routes/item.jsx"),
  route("slow", "routes/slow.jsx"),
  route("old", "routes/old.jsx"),
  route("new", "routes/new.jsx"),
];
