// How far a job is, as the server tells it; when it has ended, the page is read anew and says how.
const box = document.querySelector("[data-job]");
if (box) {
  const stream = new EventSource(box.dataset.job);
  const bar = box.querySelector("progress");
  stream.addEventListener("job", (event) => {
    const job = JSON.parse(event.data);
    box.querySelector("[data-state]").textContent = job.state;
    box.querySelector("[data-step]").textContent = job.step;
    if (job.total) bar.value = Math.floor((100 * job.done) / job.total);
    else bar.removeAttribute("value");
    if (job.state !== "queued" && job.state !== "running") {
      stream.close();
      location.reload();
    }
  });
}
