// Node's side of minifier.py: a request in each line that comes in, its answer in a line that goes out.
const { createInterface } = require("node:readline");

const HOW = {
  compress: {
    ecma: 2020,
    passes: 2, // a third finds nothing more
    hoist_vars: true, // declarations that stand together compress better
    unsafe_arrows: true, // unsafe for whoever calls a function with `new`
  },
  ecma: 2020,
  mangle: { toplevel: true },
};

// At once, for loading takes longer than all that is asked for; whoever asks hears that it failed.
let swc, failure;
try {
  swc = require("@swc/core");
} catch (error) {
  failure = error;
}

function answer({ id, code, map, module }) {
  try {
    if (failure) throw failure;
    const sourceMap = { content: map }; // of which swc makes one from its own output to the sources
    return { id, ...swc.minifySync(code, { ...HOW, module, sourceMap }) };
  } catch (error) {
    return { id, error: error.message.split("\n", 1)[0] };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  console.log(JSON.stringify(answer(JSON.parse(line))));
});
