"""The page's own script: draws the charts in the colours of the theme, switches the theme, prepares for paper."""

from __future__ import annotations

SCRIPT = """
(function () {
  "use strict";
  var root = document.documentElement;
  var PAPER = 660, PHONE = 520;
  var config = {displayModeBar: false, displaylogo: false, responsive: false, showTips: false};
  function filled(value, look) {
    if (typeof value === "string") {
      var name = /^var\\((--[a-z]+)\\)$/.exec(value);
      return name ? look.getPropertyValue(name[1]).trim() : value;
    }
    if (Array.isArray(value)) return value.map(function (one) { return filled(one, look); });
    if (value && typeof value === "object") {
      var all = {};
      Object.keys(value).forEach(function (key) { all[key] = filled(value[key], look); });
      return all;
    }
    return value;
  }
  function put(layout, path, value) {
    var steps = path.split("."), last = steps.pop(), at = layout;
    steps.forEach(function (step) { at = at[step] = at[step] || {}; });
    at[last] = value;
  }
  function draw(figure, width) {
    var plot = figure.querySelector(".plot");
    var spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    spec = filled(spec, getComputedStyle(root));
    spec.layout.width = width || plot.clientWidth;
    if (spec.layout.width < PHONE) {
      Object.keys(spec.narrow).forEach(function (path) { put(spec.layout, path, spec.narrow[path]); });
    }
    plot.style.minHeight = spec.layout.height + "px";
    window.Plotly.react(plot, spec.data, spec.layout, config);
  }
  function drawAll(width) {
    if (window.Plotly) document.querySelectorAll("figure").forEach(function (figure) {
      if (figure.querySelector(".plot")) draw(figure, width);
    });
    root.setAttribute("data-drawn", "yes");
  }
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function isDark() {
    var chosen = root.getAttribute("data-theme");
    return chosen ? chosen === "dark" : dark.matches;
  }
  var button = document.getElementById("theme");
  function tell() { button.setAttribute("aria-pressed", isDark() ? "true" : "false"); }
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      root.setAttribute("data-theme", isDark() ? "light" : "dark");
      tell();
      drawAll();
    });
    tell();
  }
  dark.addEventListener("change", function () { if (button) tell(); drawAll(); });
  var before = null;
  window.addEventListener("beforeprint", function () {
    before = root.getAttribute("data-theme");
    root.setAttribute("data-theme", "light");
    drawAll(PAPER);
  });
  window.addEventListener("afterprint", function () {
    if (before) root.setAttribute("data-theme", before); else root.removeAttribute("data-theme");
    drawAll();
  });
  var waiting = 0, wide = window.innerWidth;
  window.addEventListener("resize", function () {
    if (window.innerWidth === wide) return;
    wide = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });
  drawAll();
})();
"""
"""No library but plotly; without it, and without JavaScript at all, the page still holds every number."""
