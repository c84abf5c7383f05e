// A line to the city that can be cut. What browsers call "offline" does not reach every part of them at once: a service worker that
// is started again may slip through. Through a line that is really cut, nothing does.
import { connect, createServer } from "node:net";

/** A line to the city at `origin`: `origin` of its own, `cut()`, `mend()`, `close()`. */
export async function lineTo(origin) {
  const { hostname, port } = new URL(origin);
  const open = new Set();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [end, other] of [[near, far], [far, near]]) {
      open.add(end);
      end.on("error", () => other.destroy());
      end.on("close", () => {
        open.delete(end);
        other.destroy();
      });
      end.pipe(other);
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const cut = () => {
    whole = false;
    for (const end of open) end.destroy();
  };
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    cut,
    mend() {
      whole = true;
    },
    close() {
      cut();
      return new Promise((done) => server.close(done));
    },
  };
}
