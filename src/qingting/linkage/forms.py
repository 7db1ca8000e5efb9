"""What people fill in: choices beside words. The services check again; these say what is missing beside the field."""

from django import forms

from qingting.linkage.disclosure import Wish


class HandOffForm(forms.Form):
    """The one click, with what goes along."""

    item = forms.IntegerField(min_value=1, max_value=99)
    words = forms.CharField(required=False, max_length=1500)
    with_phone = forms.BooleanField(required=False)
    positioning = forms.BooleanField(required=False)

    def wish(self) -> Wish:
        """What the person decided."""
        said = self.cleaned_data
        return Wish(said["words"], said["with_phone"], said["positioning"])


class WordsForm(forms.Form):
    """Words alone, or words with the code of a reason, stage or outcome."""

    words = forms.CharField(required=False, max_length=2000)
    code = forms.CharField(required=False, max_length=20)
