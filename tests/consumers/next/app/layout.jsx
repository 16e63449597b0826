import Link from "next/link";
import { Tag } from "./tag";

export const metadata = { icons: { icon: "data:," } };

export default function Layout({ children }) {
  return (
    <html lang="en">
      <head>{/* the snippet */}</head>
      <body>
        <nav>
          <Link id="home" href="/">
            Home
          </Link>
          <Link id="about" href="/about">
            About
          </Link>
          <Link id="search" href="/search?q=tea">
            Search for tea
          </Link>
          <Link id="item" href="/items/7">
            Item 7
          </Link>
          <Link id="next-item" href="/items/8">
            Item 8
          </Link>
          <Link id="slow" href="/slow" prefetch={false}>
            Slow
          </Link>
          <Link id="old" href="/old">
            Old
          </Link>
          <Link id="part" href="/new#part">
            A part
          </Link>
        </nav>
        {children}
      </body>
    </html>
  );
}
