// `next/script` wants a component of its own; where the snippet is plain JSX, this is not used.
export const Tag = () => null;
