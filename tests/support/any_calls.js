// Makes calls of all kinds, the same ones for a seed: `anyCalls(seed, count)` calls, and returns what it
// counted on: how many were bad, and the numbers of the events that were good.
function anyCalls(seed, count) {
  const thrown = () => {
    throw new Error("from the page");
  };
  const round = {};
  round.round = round;
  const trap = new Proxy({}, { get: thrown, has: thrown, ownKeys: thrown, set: thrown });
  const revocable = Proxy.revocable({}, {});
  revocable.revoke();
  const values = [
    ...[undefined, null, true, 0, -0, NaN, Infinity, 10n, "", " ", "x", "\ud800", "x".repeat(9000)],
    ...[Symbol("s"), thrown, class {}, [], [[]], {}, Object.create(null), new Date(NaN), /r/g],
    ...[new Map(), new WeakMap(), new Uint8Array(3), round, trap, revocable.proxy, arguments],
    ...[{ toString: thrown }, { valueOf: thrown }, { toJSON: thrown }, { toJSON: () => undefined }],
    { [Symbol.toPrimitive]: thrown },
    { then: thrown },
    Object.freeze({}),
  ];
  // A command is a text, so what is none cannot be one; nor can what objects inherit.
  const noCommands = [
    ...values,
    "constructor",
    "__proto__",
    "toString",
    "q",
    "t",
    "View",
    "view ",
  ].filter((value) => value !== thrown);
  const noNames = values.filter(
    (value) => typeof value !== "string" || !value.trim() || value[8999],
  );
  const noProperties = [
    ...[null, true, 0, NaN, 10n, "", "x", Symbol("s"), thrown, [], new Date(0), round, trap],
    ...[revocable.proxy, { toJSON: thrown }, { toJSON: () => undefined }, { a: undefined }],
    ...[{ a: [NaN] }, { a: thrown }, { a: Symbol("s") }, { a: { toJSON: () => Infinity } }],
    ...[
      {
        get a() {
          return thrown();
        },
      },
      { a: "x".repeat(9000) },
      { a: 1n },
    ],
  ];
  const noViews = [
    ...[null, true, 0, NaN, 10n, "", "x", Symbol("s"), thrown, class {}, [], [{ url: "/x" }]],
    ...[{ url: 3 }, { title: 3 }, { url: null }, { title: Symbol("s") }, { url: "https://[" }],
    ...[
      {
        get url() {
          return thrown();
        },
      },
      { title: trap },
      trap,
      revocable.proxy,
    ],
  ];
  const noCallbacks = [undefined, null, 0, "x", {}, [], Symbol("s"), trap, revocable.proxy];
  const goodProperties = [
    (n) => ({ n }),
    (n) => Object.assign(Object.create(null), { n }),
    (n) => Object.freeze({ n, deep: { list: [1, [null, "\ud800", { "": "\u2028" }]] } }),
    (n) => Object.assign(new Map([[1, 2]]), { n }),
    (n) => ({ n: 0, toJSON: () => ({ n, __proto__: 1, constructor: "c" }) }),
    (n) => ({
      get n() {
        return n;
      },
      [Symbol("s")]: thrown,
    }),
  ];
  const random = () => {
    seed = (seed * 48271) % 2147483647; // Park and Miller's minimal standard
    return seed / 2147483647;
  };
  const one = (list) => list[Math.floor(random() * list.length)];
  const some = () => Array.from({ length: Math.floor(random() * 3) }, () => one(values));
  const good = [];
  let bad = 0;
  const kinds = [
    () => azalead(one(noCommands), ...some()),
    () => azalead("event", one(noNames), ...some()),
    () => azalead("event", one(["x", "\ud800", " x "]), one(noProperties), ...some()),
    () => azalead("view", one(noViews), ...some()),
    () => azalead("explain", one(noCallbacks), ...some()),
    () => azalead.call(one(values), "organization", one(noCallbacks), ...some()),
  ];
  for (let n = 0; n < count; n++) {
    const number = seed;
    if (random() < 0.3) {
      azalead("event", one(["x", "\ud800", "constructor"]), one(goodProperties)(number), ...some());
      good.push(number);
    } else {
      one(kinds)();
      bad += 1;
    }
  }
  return { good, bad };
}
