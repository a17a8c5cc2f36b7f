import fs from 'node:fs';
import * as ort from 'onnxruntime-node';

const cases = JSON.parse(fs.readFileSync('/tmp/t/cases.json'));
const filter = process.argv[2] ?? '';
const threads = +(process.argv[3] ?? 2);
for (const c of cases) {
  if (!c.name.match(filter)) continue;
  try {
    const s = await ort.InferenceSession.create(`/tmp/t/${c.name}.onnx`, {
      intraOpNumThreads: threads,
      logSeverityLevel: 4,
    });
    const feeds = {};
    for (const [k, sh] of Object.entries(c.ins)) {
      const n = sh.reduce((a, b) => a * b, 1);
      const d = new Float32Array(n);
      for (let i = 0; i < n; i++) d[i] = Math.random() - 0.5;
      feeds[k] = new ort.Tensor('float32', d, sh);
    }
    const ts = [];
    const r = await s.run(feeds);
    const fetches = r;
    for (let i = 0; i < 12; i++) {
      const t = performance.now();
      await s.run(feeds, fetches);
      ts.push(performance.now() - t);
    }
    ts.sort((a, b) => a - b);
    const m = ts[4];
    console.log(
      c.name.padEnd(26),
      m.toFixed(2).padStart(8) + ' ms',
      c.flops
        ? (c.flops / m / 1e6).toFixed(0).padStart(5) + ' GFLOP/s'
        : (c.traffic / m / 1e6).toFixed(1).padStart(6) + ' GB/s',
    );
    await s.release();
  } catch (e) {
    console.log(c.name, 'FAILED', String(e.message).slice(0, 150));
  }
}
