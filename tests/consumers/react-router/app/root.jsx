import { Link, Links, Meta, Outlet, Scripts, ScrollRestoration } from "react-router";

export function Layout({ children }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <link rel="icon" href="data:," />
        <Meta />
        <Links />
        {/* the snippet */}
      </head>
      <body>
        {children}
        <ScrollRestoration />
        <Scripts />
      </body>
    </html>
  );
}

export function HydrateFallback() {
  return <p>One moment.</p>;
}

export default function Shop() {
  return (
    <>
      <nav>
        <Link id="home" to="/">
          Home
        </Link>
        <Link id="about" to="/about">
          About
        </Link>
        <Link id="search" to="/search?q=tea">
          Search for tea
        </Link>
        <Link id="item" to="/items/7">
          Item 7
        </Link>
        <Link id="next-item" to="/items/8">
          Item 8
        </Link>
        <Link id="slow" to="/slow">
          Slow
        </Link>
        <Link id="old" to="/old">
          Old
        </Link>
        <Link id="part" to="/new#part">
          A part
        </Link>
      </nav>
      <Outlet />
    </>
  );
}
