/* [data-job-url]: asks every two seconds how far a job is; shows the link when it is done.
   Answer: {state, state_label, progress, total, message, result_url, file_name}. */
(function () {
  "use strict";
  var ENDED = { done: true, failed: true, cancelled: true };

  function text(box, selector, value) {
    var node = box.querySelector(selector);
    if (node) node.textContent = value;
  }

  function message(box, value) {
    var node = box.querySelector("[data-job-message]");
    node.textContent = value || "";
    node.hidden = !value;
  }

  function draw(box, job) {
    box.dataset.jobState = job.state;
    text(box, "[data-job-label]", job.state_label || job.state);
    var bar = box.querySelector("[data-job-bar]");
    bar.max = job.total || 1;
    bar.value = job.state === "done" ? bar.max : job.progress || 0;
    text(box, "[data-job-figure]", job.total ? (job.progress || 0) + " / " + job.total : "");
    message(box, job.message);
    var link = box.querySelector("[data-job-link]");
    if (job.state === "done" && job.result_url) {
      link.href = job.result_url;
      link.hidden = false;
      text(box, "[data-job-link-label]", job.file_name ? "下载 " + job.file_name : "查看结果");
    }
  }

  function poll(box) {
    fetch(box.dataset.jobUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (response) {
        if (response.redirected || response.status === 401 || response.status === 403) throw new Error("login");
        if (!response.ok) throw new Error("retry");
        return response.json();
      })
      .then(function (job) {
        draw(box, job);
        if (!ENDED[job.state]) setTimeout(poll, 2000, box);
      })
      .catch(function (error) {
        if (error.message === "login") message(box, "登录已过期，请刷新本页重新登录；任务仍在后台进行。");
        else {
          message(box, "暂时连不上服务器，正在重试；任务仍在后台进行。");
          setTimeout(poll, 4000, box);
        }
      });
  }

  document.querySelectorAll("[data-job-url]").forEach(function (box) {
    if (!ENDED[box.dataset.jobState]) setTimeout(poll, 1000, box);
  });
})();
