/* [data-chart="ID"]: draws the numbers of the JSON element ID (periods, series: {name, kind, values, urls}). A press on
   a mark opens its rows. The table below the chart says the same, so without this script nothing is missing. */
(function () {
  "use strict";

  function color(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function series(one, index, colors) {
    return {
      name: one.name,
      type: one.kind,
      data: one.values,
      color: colors[index],
      cursor: "pointer",
      barMaxWidth: 28,
      symbolSize: 9,
      label: { show: true, position: "top", formatter: function (mark) { return mark.value || ""; } }
    };
  }

  function draw(box) {
    var data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    var colors = [color("--chart-1"), color("--chart-2"), color("--chart-3")];
    box.hidden = false;
    var chart = window.echarts.init(box);
    chart.setOption({
      animation: false,
      grid: { left: 36, right: 12, top: 24, bottom: 28 },
      xAxis: { type: "category", data: data.periods, axisTick: { show: false } },
      yAxis: { type: "value", minInterval: 1 },
      series: data.series.map(function (one, index) { return series(one, index, colors); })
    });
    chart.on("click", function (mark) {
      window.location.assign(data.series[mark.seriesIndex].urls[mark.dataIndex]);
    });
    window.addEventListener("resize", function () { chart.resize(); });
    legend(box, data, colors);
  }

  function legend(box, data, colors) {
    var list = document.createElement("ul");
    list.className = "chart-legend";
    list.setAttribute("aria-hidden", "true");
    data.series.forEach(function (one, index) {
      var item = document.createElement("li");
      item.textContent = one.name;
      item.style.setProperty("--mark", colors[index]);
      list.appendChild(item);
    });
    box.before(list);
  }

  if (window.echarts) document.querySelectorAll("[data-chart]").forEach(draw);
})();
