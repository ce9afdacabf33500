/*
 * MicroPython as PyScript starts it, but for three things. It starts at once, and PyScript, whose kernel is still on its way,
 * is given it when it asks. The brain is an image in its memory, which Python runs where it lies. And the heap: 1 MB is too
 * small for what remote data may hold (a map is up to 1 MB, and is there as text and as objects); the memory is touched only
 * when it is needed.
 */
import { loadMicroPython as load } from "micropython";

const MB = 1024 * 1024;
/** PyScript's, once it asks. @type {{ stdout?: Write, stderr?: Write }} */
const output = {};

const start = async () => {
  const answer = await fetch(ear.pack);
  if (!answer.ok) throw `${ear.pack} answered ${answer.status}`;
  const romfs = new Uint8Array(await answer.arrayBuffer());
  const python = await load({
    romfs,
    heapsize: 8 * MB,
    linebuffer: false,
    stdout: (bytes) => output.stdout?.(bytes),
    stderr: (bytes) => output.stderr?.(bytes),
  });
  await new Promise((next) => setTimeout(next)); // the page's turn: what PyScript does with it is a task of its own
  return python;
};
const started = start();

/** @param {{ stdout: Write, stderr: Write }} options */
export const loadMicroPython = ({ stdout, stderr }) => {
  Object.assign(output, { stdout, stderr });
  return started;
};
