// The part of ECharts that our pages draw with. A new kind of chart is added here and nowhere else.
// Canvas, because the SVG renderer writes style attributes, which our content security policy refuses.
import * as core from "echarts/core";
import { BarChart, LineChart, PieChart } from "echarts/charts";
import {
  AriaComponent,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

core.use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  PieChart,
  TooltipComponent,
]);

const { connect, disconnect, dispose, format, getInstanceByDom, graphic, init, registerTheme, time, version } = core;
window.echarts = {
  connect, disconnect, dispose, format, getInstanceByDom, graphic, init, registerTheme, time, version,
};
