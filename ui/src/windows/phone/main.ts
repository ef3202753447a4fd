// Starts the phone window.
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import { PhoneController } from "../../features/calls/phoneController.svelte";
import { followAppearance } from "../../ipc/appearance";
import { connect } from "../../ipc/shell";
import { markPainted } from "../../shared/painted";
import App from "./App.svelte";

const shell = connect("phone");
const controller = new PhoneController(shell);
const target = document.getElementById("app");
if (target) mount(App, { target, props: { shell, controller } });
void markPainted(followAppearance(shell), controller.start());
