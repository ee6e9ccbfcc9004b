import re

import pytest
from django import forms
from django.template import Context, Template

HOSTILE = '"><script>alert(1)</script>'


class Form(forms.Form):
    name = forms.CharField(label="Domain", help_text="A new name", widget=forms.TextInput(attrs={"class": "mono"}))
    email = forms.EmailField(label="Email", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    place = forms.ChoiceField(label="Place", choices=[("zrh", "Zürich"), ("x", HOSTILE)])
    plan = forms.ChoiceField(label="Plan", choices=[("s", "Starter"), ("b", HOSTILE)], widget=forms.RadioSelect)
    extras = forms.MultipleChoiceField(
        label="Extras", choices=[("ssh", "SSH")], widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    terms = forms.BooleanField(label="I accept the terms")
    cart = forms.CharField(widget=forms.HiddenInput, required=False)


def draw(form: forms.Form, name: str, options: str = "") -> str:
    template = Template("{% load web %}{% field bound " + options + " %}")
    return template.render(Context({"bound": form[name]}))


def test_label_control_hint_error_come_in_this_order() -> None:
    html = draw(Form({}), "name")
    places = [html.index(part) for part in ("<label", "<input", "A new name", "Fill this in.")]
    assert places == sorted(places)
    assert '<label class="field-label" for="id_name">Domain</label>' in html


def test_an_error_is_tied_to_its_control() -> None:
    html = draw(Form({}), "name")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert 'id="id_name-hint"' in html
    assert 'id="id_name-error"' in html


def test_a_field_without_hint_and_error_describes_nothing() -> None:
    html = draw(Form(), "email")
    assert "aria-describedby" not in html
    assert "aria-invalid" not in html


def test_what_may_stay_empty_says_so_and_the_rest_is_required() -> None:
    assert "optional" in draw(Form(), "email")
    assert "optional" not in draw(Form(), "email", "optional=False")
    assert "optional" not in draw(Form(), "name")
    assert " required" in draw(Form(), "name")
    assert "optional" not in draw(Form(), "terms")


def test_the_widgets_own_attributes_are_kept() -> None:
    assert 'autocomplete="email"' in draw(Form(), "email")
    assert 'autocomplete="new-password"' in draw(Form(), "password")
    assert 'class="input mono"' in draw(Form(), "name")


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("email", 'type="email"'),
        ("password", 'data-reveal="id_password"'),
        ("place", '<select name="place" class="select"'),
        ("plan", '<label class="choice"><input type="radio"'),
        ("extras", '<label class="check"><input type="checkbox"'),
        ("note", '<textarea name="note"'),
        ("terms", '<label class="check"><input type="checkbox"'),
    ],
)
def test_each_kind_of_control_is_drawn(name: str, part: str) -> None:
    assert part in draw(Form(), name)


def test_a_group_has_a_legend_and_no_label_for_nothing() -> None:
    html = draw(Form({}), "plan")
    assert '<legend class="field-label">Plan</legend>' in html
    assert 'for="' not in html
    assert 'aria-describedby="id_plan-error"' in html


def test_a_hidden_field_is_only_its_control() -> None:
    assert draw(Form(), "cart") == '<input type="hidden" name="cart" id="id_cart">'


def test_options_change_label_hint_and_what_stands_inside() -> None:
    html = draw(Form(), "name", 'label="Name" hint="Where?" icon="globe" suffix=".ch" placeholder="example"')
    for part in (">Name</label>", "Where?", "icons.svg#globe", ".ch</span>", 'placeholder="example"'):
        assert part in html


@pytest.mark.parametrize("name", ["name", "email", "place", "plan", "note"])
def test_hostile_text_stays_text(name: str) -> None:
    form = Form({field: HOSTILE for field in Form.base_fields})
    form.full_clean()
    form.add_error(name, HOSTILE)
    form.fields[name].label = HOSTILE
    form.fields[name].help_text = HOSTILE
    html = draw(form, name)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_summary_links_to_every_wrong_field_in_the_order_of_the_form() -> None:
    form = Form({})
    form.full_clean()
    form.add_error(None, HOSTILE)
    html = Template("{% load web %}{% error_summary form %}").render(Context({"form": form}))
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == ["id_name", "id_password", "id_place", "id_plan_0", "id_terms"]
    assert 'tabindex="-1"' in html
    assert "6 answers need another look" in html
    assert "<script>" not in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert Template("{% load web %}{% error_summary form %}").render(Context({"form": Form()})) == ""


def test_fields_draws_all_of_them_and_focuses_the_first_to_fill_in() -> None:
    html = Template("{% load web %}{% fields form autofocus=True %}").render(Context({"form": Form()}))
    assert html.count("autofocus") == 1
    assert re.search(r'<input[^>]*name="name"[^>]*autofocus', html)
    assert html.index('name="terms"') < html.index('name="cart"')
