/*
 * MicroPython as PyScript starts it, but for the heap: 1 MB is too small for what remote data may hold (a map is up to 1 MB,
 * and is there as text and as objects). The memory is touched only when it is needed.
 */
import { loadMicroPython as load } from "micropython";

export const loadMicroPython = (options) => load({ ...options, heapsize: 8 * 1024 * 1024 });
